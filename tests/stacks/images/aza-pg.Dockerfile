# PostgreSQL 18 of Debian's packages as the product's image is shaped; see the official image's contract.
ARG BASE
FROM ${BASE}
RUN groupdel lpadmin && groupmod -g 999 postgres && usermod -u 999 -g 999 postgres \
    && mkdir -p /docker-entrypoint-initdb.d /var/lib/postgresql/18 \
    && chown -R postgres:postgres /var/lib/postgresql /var/log/postgresql \
    && install -d -o postgres -g postgres -m 3775 /var/run/postgresql \
    && sed -i "s/^#listen_addresses.*/listen_addresses = '*'/" \
        /usr/share/postgresql/18/postgresql.conf.sample
# Backups are made, and restored, in the server's image.
COPY --from=aza-lab-tools:base /usr/bin/pgbackrest /usr/bin/
RUN install -d -o postgres -g postgres /var/lib/pgbackrest
COPY --chmod=755 azr docker-entrypoint.sh docker-ensure-initdb.sh aza-replicate.sh /usr/local/bin/
COPY aza.azb postgresql-base.conf /etc/aza/
ENV PATH=/usr/lib/postgresql/18/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 PG_MAJOR=18 PGDATA=/var/lib/postgresql/18/docker
USER 999:999
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["azr", "start", "/etc/aza/aza.azb", "--"]
CMD ["postgres"]
