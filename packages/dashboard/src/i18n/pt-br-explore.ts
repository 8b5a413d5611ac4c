import type { Catalogue } from "./catalogue.ts";
import type { EN_EXPLORE } from "./en-explore.ts";

/** Textos da página de métricas. */
export const PT_BR_EXPLORE: Pick<Catalogue, keyof typeof EN_EXPLORE> = {
  "explore.expression": "Expressão PromQL",
  "explore.run": "Executar",
  "explore.metrics": "Nomes de métricas",
  "explore.find-metric": "Procurar métrica",
  "explore.metrics-shown": { one: "{count} métrica", other: "{count} métricas" },
  "explore.graph": "Gráfico",
  "explore.table": "Tabela",
  "explore.show": "Mostrar como",
  "explore.compare": "Comparar com",
  "explore.compare-none": "Nada",
  "explore.compare-1d": "Ontem",
  "explore.compare-1w": "Semana passada",
  "explore.step": "Passo",
  "explore.step-auto": "Automático",
  "explore.copy-curl": "Copiar como curl",
  "explore.copy-link": "Copiar link",
  "explore.copied": "Copiado",
  "explore.stats": "{series} séries, {points} pontos, passo de {step}",
  "explore.cost": "{samples} amostras de {series} séries lidas em {time}",
  "explore.not-drawn": {
    one: "mais {count} série não aparece",
    other: "mais {count} séries não aparecem",
  },
  "explore.what": "o resultado",
  "explore.metrics-what": "os nomes das métricas",
  "explore.empty": "Nenhum resultado neste período",
  "explore.empty-step": "Mude a expressão ou veja um período maior:",
  "explore.start": "Escreva uma expressão ou escolha uma métrica",
  "explore.start-step":
    "Nomes, labels e valores se completam enquanto você digita. Ctrl+Enter executa.",
  "explore.value": "Valor",
  "explore.result-caption": "Resultado no fim do período",
  "explore.series": "Série",
  "explore.earlier": "{name}, {when}",
};
