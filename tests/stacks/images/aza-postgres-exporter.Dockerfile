# Named as in its own project's image.
ARG BASE
FROM ${BASE}
RUN ln -s /usr/bin/prometheus-postgres-exporter /bin/postgres_exporter
USER 65534:65534
EXPOSE 9187
ENTRYPOINT ["/bin/postgres_exporter"]
