import type { TextsLike } from "./catalogue.ts";
import type { EN_SERVICE } from "./en-service.ts";

/** Portuguese texts of the page of a service. */
export const PT_BR_SERVICE: TextsLike<typeof EN_SERVICE> = {
  "service.latency": "Latência",
  "service.traffic": "Taxa de requisições",
  "service.errors": "Taxa de erros",
  "service.saturation": "Saturação",
  "service.empty": "{service} não enviou nada neste período",
  "service.traces": "Traces deste serviço",
  "service.error-traces": "Traces com erros",
  "service.routes": "Rotas",
  "service.routes-note": "nos últimos {length}",
  "service.routes-caption": "Rotas de {service}, as mais acessadas primeiro",
  "service.routes-empty": "As requisições deste período não trazem a rota",

  "column.route": "Rota",

  "service.forecast": "Previsão da taxa",
  "service.forecast-fixed": "A previsão parte de agora. Volte ao vivo para vê-la.",

  "forecast.skill": "{skill} menos erro que repetir o passado",

  "service.anomalies": "Anomalias",
  "service.anomalies-caption": "Anomalias de {service}, as mais novas primeiro",

  "anomaly.mark": "nº {number}",

  "series.requests": "Requisições",
  "series.errors": "Erros (5xx)",
  "series.event-loop": "Event loop ocupado",
};
