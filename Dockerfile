# The registry as an image: one static binary, and what it calls beside itself to read documents.
#   docker build -t collateral .

FROM golang:1.26.8-trixie AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
# First what changes rarely: the modules stay in the build cache while their list is the same.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build

# PDFium, which makes pictures of PDFs; it changes with its version only.
FROM node:24-trixie-slim AS pdfium
COPY scripts/fetch-pdfium /fetch-pdfium
RUN /fetch-pdfium /pdfium.wasm

FROM debian:trixie-slim
# poppler-utils has pdftotext, which reads more PDFs than the reader that is built in.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/collateral --create-home collateral
COPY --from=pdfium /pdfium.wasm /usr/share/collateral/pdfium.wasm
COPY --from=build /src/bin/collateral /usr/local/bin/collateral
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
# Without further settings everything is kept here: SQLite, the files and the index.
ENV COLLATERAL_DATA=/var/lib/collateral COLLATERAL_LISTEN=:8080
VOLUME /var/lib/collateral
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["collateral", "ready"]
# Requests and jobs may take --grace, 30 seconds, after this.
STOPSIGNAL SIGTERM
ENTRYPOINT ["collateral"]
CMD ["serve"]
