import type { TextsLike } from "./catalogue.ts";
import type { EN_CAPACITY } from "./en-capacity.ts";

/** Portuguese texts of the capacity page. */
export const PT_BR_CAPACITY: TextsLike<typeof EN_CAPACITY> = {
  "capacity.what": "as previsões de capacidade",
  "capacity.caption": "Recursos, primeiro o que acaba primeiro",
  "capacity.pressing": {
    one: "{count} recurso pode acabar. Previsão das {time}.",
    other: "{count} recursos podem acabar. Previsão das {time}.",
  },
  "capacity.none-pressing": "Nada acaba até onde as previsões alcançam. Previsão das {time}.",
  "capacity.empty": "Nenhum recurso tem amostras ainda",
  "capacity.empty-step":
    "Aqui aparecem os serviços que enviam métricas do processo e, após um minuto, este servidor.",
  "capacity.event-loop": "Event loop (ocupação)",
  "capacity.cpu": "Processador",
  "capacity.memory": "Memória",
  "capacity.heap": "Heap do JavaScript",
  "capacity.connections": "Conexões em uso",
  "capacity.disk": "Disco",
  "capacity.active-series": "Séries ativas",
  "capacity.this-server": "Este servidor",
  "capacity.cores": "{value} núcleos",
  "capacity.reached": "Já acabou",
  "capacity.runs-out": "Acaba em {length}",
  "capacity.between": "Entre {earliest} e {latest} (intervalo de {level})",
  "capacity.from": "Não antes de {earliest} (intervalo de {level})",
  "capacity.may": "Pode acabar a partir de {time}",
  "capacity.may-detail": "A previsão em si basta até {time}, o limite superior dela não",
  "capacity.holds": "Basta pelo menos até {time}",
  "capacity.holds-detail": "Mesmo o limite superior do intervalo de {level} fica abaixo do máximo",
  "capacity.short": "Cedo demais para dizer: faltam {length} de histórico",
  "capacity.short-detail": "Há {have} amostras, são necessárias {needed}",
  "capacity.unknown": "Não é possível dizer",
  "capacity.no-limit": "O máximo não é conhecido",
  "capacity.no-limit-detail": "Seria lido de {metric}",
  "capacity.model-more": { one: "{model} e mais {count}", other: "{model} e mais {count}" },
  "capacity.error": "Erro no passado: {error}",
  "capacity.coverage": "o intervalo de {level} conteve {coverage} dele",

  "column.resource": "Recurso",
  "column.outlook": "Perspectiva",
  "column.used": "Em uso",
  "column.limit": "Máximo",
  "column.model": "Modelo",
};
