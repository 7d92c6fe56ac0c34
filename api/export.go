package api

import (
	"bytes"
	"context"

	"collateral/internal/httpd"
)

func (s *server) ExportAssets(ctx context.Context, _ ExportAssetsRequestObject) (ExportAssetsResponseObject, error) {
	export, err := s.registry.Export(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = export.WriteCSV(&file)
	return ExportAssets200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
}
