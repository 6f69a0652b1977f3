# Named as in its own project's image.
ARG BASE
FROM ${BASE}
RUN ln -s /usr/bin/prometheus-pgbouncer-exporter /bin/pgbouncer_exporter
COPY --chmod=755 azr /usr/local/bin/
COPY aza.azb /etc/aza/aza.azb
USER 65534:65534
EXPOSE 9127
ENTRYPOINT ["azr", "start", "/etc/aza/aza.azb", "--"]
CMD ["pgbouncer_exporter"]
