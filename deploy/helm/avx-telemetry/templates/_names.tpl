{{- define "avx.name" -}}{{ .Release.Name }}-avx{{- end -}}
{{- define "avx.replicas" -}}{{ if eq .Values.store "embedded" }}1{{ else }}{{ .Values.replicas }}{{ end }}{{- end -}}
{{- /* The main addresses of all servers: each leaves its own out by itself. */ -}}
{{- define "avx.servers" -}}
{{- $name := include "avx.name" . -}}
{{- range $i := until (int (include "avx.replicas" .)) -}}
{{- if $i }},{{ end }}http://{{ $name }}-{{ $i }}.{{ $name }}-servers:8600
{{- end -}}
{{- end -}}
