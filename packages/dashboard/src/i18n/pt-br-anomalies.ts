import type { TextsLike } from "./catalogue.ts";
import type { EN_ANOMALIES } from "./en-anomalies.ts";

/** Portuguese texts of the page of anomalies. */
export const PT_BR_ANOMALIES: TextsLike<typeof EN_ANOMALIES> = {
  "anomalies.what": "as anomalias",
  "anomalies.count": { one: "{count} anomalia", other: "{count} anomalias" },
  "anomalies.open": { one: "{count} aberta", other: "{count} abertas" },
  "anomalies.precision": "{useful} de {judged} avaliadas em 30 dias foram úteis",
  "anomalies.empty": "Nenhuma anomalia neste período",
  "anomalies.empty-step": "Os detectores precisam de umas 50 amostras de um sinal para julgá-lo.",
  "anomalies.value": "{signal} em {value}, o esperado é de {lower} a {upper} para {moment}",
  "anomalies.value-plain": "{signal} em {value}",
  "anomalies.since": "desde {time}, {length}",
  "anomalies.still": "ainda aberta",
  "anomalies.after-deploy": "desde a implantação {title} ({time})",
  "anomalies.after-config": "desde a configuração {title} ({time})",
  "anomalies.joint": "junto com os outros sinais: escore conjunto {score}, principalmente {names}",
  "anomalies.joint-alone": "os outros sinais estão como de costume (escore conjunto {score})",
  "anomalies.joint-before":
    "todos os sinais juntos não são mais incomuns do que antes (escore conjunto {score})",
  "anomalies.related": "Ao mesmo tempo: {names}",
  "anomalies.related-one": "{signal} de {service}",
  "anomalies.similar": {
    one: "{count} anterior neste sinal, a última {ago}",
    other: "{count} anteriores neste sinal, a última {ago}",
  },
  "anomalies.useful": "Útil",
  "anomalies.expected": "Esperada",
  "anomalies.feedback": "Valeu a pena saber?",
  "anomalies.thanks-expected": "Anotado: este sinal agora precisa de mais evidência",
  "anomalies.thanks-useful": "Anotado",
  "anomalies.mute": "Silenciar {signal} por {length}",
  "anomalies.muted": "Silenciado até {time}",
  "anomalies.failed": "Não funcionou: {detail}",
  "anomalies.chart-show": "Gráfico",
  "anomalies.chart-hide": "Ocultar gráfico",
  "anomalies.service-charts": "Gráficos do serviço",

  "anomalies.similar-show": "Mostrar",
  "mutes.title": "Silenciados",
  "mutes.what": "o que está silenciado",
  "mutes.none": "Nada está silenciado",
  "mutes.all": "Todos os sinais",
  "mutes.until": "até {time}, mais {length}",
  "mutes.end": "Reativar",
  "mutes.ended": "{signal} de {service} não está mais silenciado",
  "held.title": "Retidas por dados ruins",
  "held.what": "o que foi retido",
  "held.none": "Nada foi retido neste período",
  "held.quality": "qualidade dos dados {quality}",

  "series.value": "Medido",
};
