// Package api is the REST API: handlers between the contract in openapi.yaml and the use cases. From the contract come
// the types and routes (contract.gen.go), the checks of requests and the roles that an operation needs; nothing of that
// is said twice. The package decides nothing about collateral: it decodes, calls one use case and encodes its answer.
// It does not know the database, where blobs lie, or the pages, which stand beside it on the same use cases.
package api

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 --config oapi-codegen.yaml ../openapi.yaml
