# Prometheus with promtool, and pgBackRest.
ARG BASE
FROM ${BASE}
USER 65534:65534
EXPOSE 9090
ENTRYPOINT ["/usr/bin/prometheus"]
