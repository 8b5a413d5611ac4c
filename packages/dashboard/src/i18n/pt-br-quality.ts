import type { TextsLike } from "./catalogue.ts";
import type { EN_QUALITY } from "./en-quality.ts";

/** Portuguese texts of data quality, on every page that speaks of it. */
export const PT_BR_QUALITY: TextsLike<typeof EN_QUALITY> = {
  "quality.title": "Qualidade dos dados",
  "quality.what": "a qualidade dos dados",
  "quality.caption": "Qualidade dos dados de {service}, últimos {length}",
  "quality.empty": "Nenhuma amostra dos sinais de ouro no último quarto de hora",
  "quality.overall": "Geral",
  "quality.accuracy": "Exatidão",
  "quality.completeness": "Completude",
  "quality.consistency": "Consistência",
  "quality.validity": "Validade",
  "quality.whole": "Nada a reclamar",
  "quality.low-accuracy": "{share} dos valores estão longe de todos os outros",
  "quality.low-completeness": "{share} das amostras faltam",
  "quality.low-consistency": "{share} dos passos são saltos",
  "quality.low-validity": "{share} dos valores não podem existir",
  "quality.late": "a amostra mais nova tem {age}",
  "quality.held-pages": {
    one: "{count} achado das últimas 24 horas foi retido por isso",
    other: "{count} achados das últimas 24 horas foram retidos por isso",
  },
  "quality.chart": "Carta de controle",
  "quality.chart-of": "Carta de controle: {signal}",
  "quality.center": "Centro",
  "quality.rule": "Regra {number} da Western Electric",
  "quality.beyond": {
    one: "{count} amostra além de 6 σ",
    other: "{count} amostras além de 6 σ",
  },
};
