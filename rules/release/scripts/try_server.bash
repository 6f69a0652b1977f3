image=$NAME@$(<"digests/$PLATFORM")
docker pull --quiet "$image"
docker run --rm "$image" postgres --version | tee /dev/stderr | grep -F "(PostgreSQL) $MINOR "
POSTGRES_PASSWORD=$(openssl rand -hex 24)
export POSTGRES_PASSWORD
docker run --detach --name tried --memory 2g --env POSTGRES_PASSWORD "$image"
trap 'docker logs tried' EXIT
for ((second = 0; second < 180; second++)); do
    state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' tried)
    [ "$state" = "running starting" ] || break
    sleep 1
done
[ "$state" = "running healthy" ] || { echo "::error::the server is $state"; exit 1; }
docker exec --interactive tried psql -qX -v ON_ERROR_STOP=1 -U postgres \
    <"docker/postgres/$TARGET/expectations.sql"
docker stop --time 60 tried
[ "$(docker inspect --format '{{.State.ExitCode}}' tried)" = 0 ] ||
    { echo "::error::the server did not stop cleanly"; exit 1; }
