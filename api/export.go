package api

import (
	"bytes"
	"context"
)

func (s *server) ExportAssets(ctx context.Context, _ ExportAssetsRequestObject) (ExportAssetsResponseObject, error) {
	export, err := s.registry.Export(ctx, callOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = export.WriteCSV(&file)
	return ExportAssets200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
}
