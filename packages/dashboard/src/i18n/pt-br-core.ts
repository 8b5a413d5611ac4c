import type { TextsLike } from "./catalogue.ts";
import type { EN_CORE } from "./en-core.ts";

/**
 * Portuguese texts of what every page may show, and of the services page. `{name}` is filled in; an
 * object chooses by the plural rule of `count`.
 */
export const PT_BR_CORE: TextsLike<typeof EN_CORE> = {
  "app.name": "AVX Telemetry",
  "app.skip": "Ir para o conteúdo",

  "nav.label": "Páginas",
  "nav.services": "Serviços",
  "nav.traces": "Traces",
  "nav.explore": "Métricas",
  "nav.capacity": "Capacidade",
  "nav.data": "Dados",

  "title.page": "{page} · AVX Telemetry",
  "title.trace": "Trace {id}",
  "title.not-found": "Página não encontrada",

  "filter.service": "Serviço",
  "filter.all-services": "Todos os serviços",

  "range.label": "Período",
  "range.last": "{length} até agora",
  "range.open": "Período: {range}. Escolher outro",
  "range.from": "De",
  "range.to": "Até",
  "range.hint": "Relativo, como now-2h ou now-1h30m, ou hora local, como 2026-11-24 14:30",
  "range.apply": "Aplicar",
  "range.invalid":
    "Período inválido: escreva now-2h ou 2026-11-24 14:30, com o início pelo menos 10 s antes do fim",
  "range.earlier": "Antes",
  "range.later": "Depois",
  "range.widen": "Reduzir zoom",

  "live.pause": "Pausar",
  "live.resume": "Ao vivo",
  "live.refresh": "Atualizar",
  "live.on": "Ao vivo, a cada {length}",
  "live.off": "Período fixo",

  "language.label": "Idioma",
  "language.en": "English",
  "language.pt-BR": "Português (Brasil)",

  "theme.to-dark": "Mudar para o tema escuro",
  "theme.to-light": "Mudar para o tema claro",

  "palette.open": "Comandos",

  "help.open": "Atalhos de teclado",

  "state.loading-what": "Carregando {what}…",
  "state.slow": "Ainda aguardando. O servidor já levou {length}.",
  "state.error": "Não foi possível carregar {what}",
  "state.error-network": "O servidor não responde. Ele está rodando?",
  "state.error-timeout": "Sem resposta em {length}. Um período menor pode ser mais rápido.",
  "state.error-answer": "Não foi possível entender a resposta: {detail}",
  "state.error-http": "O servidor respondeu {status}: {detail}",
  "state.retry": "Tentar de novo",
  "state.stale": "Mostrando dados de {time} ({ago}): a atualização está falhando",
  "state.stale-short": "Sem atualização desde {time}",
  "state.widen": "Ampliar para {length}",

  "status.ok": "Saudável",
  "status.degraded": "Degradado",
  "status.failing": "Falhando",
  "status.stale": "Sem dados",

  "signal.latency": "Latência",
  "signal.traffic": "Tráfego",
  "signal.errors": "Erros",
  "signal.saturation": "Saturação",

  "services.what": "os serviços",
  "services.all-ok": {
    one: "{count} serviço, saudável",
    other: "Todos os {count} serviços estão saudáveis",
  },
  "services.attention": {
    one: "{count} de {total} serviços precisa de atenção: {names}",
    other: "{count} de {total} serviços precisam de atenção: {names}",
  },
  "services.and-more": "{names} e mais {rest}",
  "services.empty": "Nenhum serviço enviou dados neste período",
  "services.empty-step": "Envie dados OpenTelemetry para este servidor ou veja um período maior:",
  "services.empty-filter": "Sem dados de {service} neste período",
  "services.filter-clear": "Mostrar todos os serviços",
  "services.caption": "Serviços, os piores primeiro",

  "column.service": "Serviço",
  "column.status": "Situação",
  "column.rate": "Taxa",
  "column.errors": "Erros",
  "column.trend": "Taxa no período",
  "column.ribbon": "Escore de anomalia, 1 h",
  "ribbon.none": "Escore de anomalia de {service}: não avaliado nesta hora",
  "ribbon.summary": {
    one: "Escore de anomalia de {service} em uma hora: máximo {score} às {time}, {count} minuto com anomalia. As setas escolhem um minuto",
    other:
      "Escore de anomalia de {service} em uma hora: máximo {score} às {time}, {count} minutos com anomalia. As setas escolhem um minuto",
  },
  "ribbon.cell": {
    one: "{time}: escore {score}, {count} anomalia",
    other: "{time}: escore {score}, {count} anomalias",
  },
  "column.anomalies": "Anomalias abertas",

  "services.reason-errors": "Erros em {value}",
  "services.reason-anomaly": "{signal} em {value} desde {time}, o esperado é até {upper}",
  "services.reason-anomaly-plain": "{signal} em {value} desde {time}",
  "services.reason-stale": "Últimos dados {ago}",
  "services.spark": "Taxa de requisições: mínima {min}, máxima {max}, agora {last}",
  "services.spark-empty": "Taxa de requisições: sem dados",
  "services.chart-rate": "Taxa de requisições por serviço",
  "services.chart-errors": "Taxa de erros por serviço",
  "services.chart-p99": "Latência p99 por serviço",

  "service.empty-step": "Veja um período maior ou confira se o serviço está rodando:",
  "service.forecast-note": "{model}, intervalo de {level}",
  "service.forecast-short":
    "Histórico insuficiente para prever: há {have} amostras, são necessárias {needed}. A previsão aparece sozinha.",

  "forecast.infinite-values": "Sem previsão: o histórico tem valores infinitos.",
  "forecast.too-many-gaps": "Sem previsão: o histórico é quase só lacunas.",
  "forecast.no-better-than-naive":
    "Sem previsão: testado no próprio passado, nenhum modelo foi melhor que repeti-lo.",

  "service.no-anomalies": "Nenhuma anomalia neste período",

  "traces.recent": "Traces recentes",
  "traces.recent-caption": "Traces recentes de todos os serviços",

  "service.recent-caption": "Traces recentes de {service}",

  "anomaly.name": "Anomalia {number}",
  "anomaly.name-signal": "{name}: {signal}",
  "anomaly.recent": "Anomalias recentes",
  "anomaly.recent-caption": "Anomalias de todos os serviços, as mais novas primeiro",
  "anomaly.show": "Mostrar {name} nos gráficos",

  "column.anomaly": "Anomalia",
  "column.when": "Quando",
  "column.peak": "Pico",
  "column.expected": "Esperado",

  "anomaly.score": "{detector}: escore {score}, limite {threshold}",
  "anomaly.between": "de {lower} a {upper}",
  "anomaly.at-most": "até {upper}",
  "anomaly.at-least": "a partir de {lower}",

  "series.p50": "p50",
  "series.p95": "p95",
  "series.p99": "p99",
  "series.actual": "Medido",
  "series.forecast": "Previsão",
  "series.lower": "Inferior",
  "series.upper": "Superior",
  "series.other": { one: "Outro ({count})", other: "Outros ({count})" },

  "chart.empty": "Nenhuma amostra neste período",
  "chart.summary": "{title} em {unit}, {range}. {series}",
  "chart.summary-series": "{name}: último {last}, máximo {max} às {time}.",
  "chart.summary-none": "Nenhuma amostra.",
  "chart.summary-anomalies": { one: "{count} anomalia.", other: "{count} anomalias." },
  "chart.fan": "{line}, previsão",
  "chart.fan-lower": "{line}, limite inferior",
  "chart.fan-upper": "{line}, limite superior",
  "chart.fan-end": "previsão",
  "chart.fans": "Previsão de {lines}",
  "chart.fans-most": {
    one: "a primeira ({count}) visível; escolha outras na legenda",
    other: "as {count} primeiras visíveis; escolha outras na legenda",
  },
  "chart.forecast": "Previsão",
  "chart.table-show": "Tabela",
  "chart.table-hide": "Gráfico",
  "chart.table-of": "Dados de {title} em tabela",
  "chart.table-rows": {
    one: "A linha mais nova ({count})",
    other: "As {count} linhas mais novas",
  },
  "chart.time": "Hora",
  "chart.last": "últ.",
  "chart.max": "máx.",
  "chart.legend": "Séries de {title}",
  "chart.no-value": "sem amostra",
  "chart.hint": "As setas movem o cursor, t mostra os dados em tabela",

  "unit.s": "segundos",
  "unit.rate": "requisições por segundo",
  "unit.ratio": "por cento",
  "unit.count": "contagem",
  "unit.bytes": "bytes",
  "unit.byte-rate": "bytes por segundo",

  "traces.what": "os traces",
  "traces.empty": "Nenhum trace encontrado neste período",

  "column.start": "Início",
  "column.trace": "Trace",
  "column.duration": "Duração",
  "column.spans": "Spans",
  "column.services": "Serviços",

  "traces.errors": { one: "{count} erro", other: "{count} erros" },
  "traces.no-errors": "nenhum",

  "not-found.title": "Não há página aqui",
  "not-found.step": "Ir para os serviços",

  "nav.anomalies": "Anomalias",

  "series.expected-lower": "Esperado de",
  "series.expected-upper": "Esperado até",

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
  "reason.pattern": "Um curso não visto ultimamente",
  "reason.flat-line": "Parado em um só valor",
  "reason.absent": "Sem amostras",

  "signal.metric": "Métrica",
};
