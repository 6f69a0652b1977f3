ARG BASE
FROM ${BASE}
RUN groupdel lpadmin && groupmod -g 999 postgres && usermod -u 999 -g 999 postgres
COPY --chmod=755 azr /usr/local/bin/
COPY aza.azb /etc/aza/aza.azb
USER 999:999
STOPSIGNAL SIGINT
EXPOSE 6432
ENTRYPOINT ["azr", "start", "/etc/aza/aza.azb", "--"]
CMD ["pgbouncer", "/run/pgbouncer/pgbouncer.ini"]
