# An image with the program and nothing else:
#   docker build -t wolfdiag . && docker compose logs wolf | docker run --rm -i wolfdiag analyze
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags=urfave_cli_no_docs -ldflags="-s -w -buildid=" -o /wolfdiag ./cmd/wolfdiag

FROM scratch
# for log engines behind https:// only
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /wolfdiag /wolfdiag
ENTRYPOINT ["/wolfdiag"]
