import type { Catalogue } from "./catalogue.ts";
import type { EN_ANOMALY } from "./en-anomaly.ts";

/** Textos do que os detectores viram. */
export const PT_BR_ANOMALY: Pick<Catalogue, keyof typeof EN_ANOMALY> = {
  "reason.jump-up": "Saltou para cima",
  "reason.jump-down": "Saltou para baixo",
  "reason.burst-up": "Pico curto",
  "reason.burst-down": "Queda curta",
  "reason.shift-up": "Subiu de patamar",
  "reason.shift-down": "Caiu de patamar",
  "reason.drift-up": "Subindo aos poucos",
  "reason.drift-down": "Caindo aos poucos",
  "reason.extreme-up": "Mais alto que nunca",
  "reason.extreme-down": "Mais baixo que nunca",
  "reason.season-up": "Alto para este horário",
  "reason.season-down": "Baixo para este horário",
  "reason.variance": "Oscilação incomum",
  "reason.flat-line": "Parado em um só valor",
  "reason.absent": "Sem amostras",
  "signal.metric": "Métrica",
};
