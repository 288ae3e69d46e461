# Heliograph in a container; docs/OPERATIONS.md, "Containers", tells how to run it. test/packaging follows these
# instructions in a folder, so that a forgotten file shows before anybody builds the image.

# An exact version, to be raised by hand. What it names may still be built anew; `docker buildx imagetools inspect` on it
# prints the digest of what it is today, and …-slim@sha256:DIGEST takes that and nothing else. Of Debian's releases trixie,
# because the prebuilt binary of sqlite3 asks for a newer C library than the one before has.
FROM node:24.21.0-trixie-slim AS base
WORKDIR /app

FROM base AS dependencies
# For the day when no prebuilt binary of sqlite3 fits and it is compiled.
RUN apt-get update && apt-get install --yes --no-install-recommends g++ make python3
COPY package.json package-lock.json ./
# Optional packages are node-gyp, with which npm compiles its own way anyhow, and what other platforms need.
RUN npm ci --omit=dev --omit=optional
# Sources and intermediate files go; a binary that does not load here fails the build, and not the first start.
RUN rm -rf node_modules/sqlite3/deps node_modules/sqlite3/src && \
    find node_modules/sqlite3/build -type f ! -path '*/Release/node_sqlite3.node' -delete && \
    node -e "require('sqlite3')"

FROM base AS build
COPY package.json package-lock.json ./
# The compiler needs no package's install script.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN npm run build
# The final stage runs nothing: it takes this folder over with another owner.
RUN mkdir data

FROM base
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
COPY LICENSE package.json schema.graphql ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# All of the above is root's and only read; this is where DATABASE_URL has its store unless it says otherwise.
COPY --from=build --chown=1000:1000 /app/data data
VOLUME ["/app/data"]
# The image's user `node`, by number, because Kubernetes cannot tell from a name that it is not root (runAsNonRoot).
USER 1000:1000
EXPOSE 4000
STOPSIGNAL SIGTERM
# Not /readyz: whoever restarts what is unhealthy would restart every gateway while the database is away, and mend nothing.
# A start answers once its migrations are applied, which may take minutes on a large store.
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=10m \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
