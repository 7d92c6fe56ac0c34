package cli

import (
	"context"
	"fmt"
	"strings"

	"collateral/internal/blob"
	"collateral/internal/blob/diskblob"
	"collateral/internal/blob/minioblob"
)

// bucketScheme begins the address of a bucket; anything else is the path of a folder.
const bucketScheme = "s3://"

// openBlobs opens the place of the files. What it refuses, it refuses with the name of the setting, and without a key.
func openBlobs(ctx context.Context, cfg Config) (blob.Store, error) {
	if strings.HasPrefix(cfg.BlobURL, bucketScheme) {
		place, err := minioblob.ParsePlace(cfg.BlobURL)
		if err != nil {
			return nil, fmt.Errorf("BLOB_URL: %w", err)
		}
		return minioblob.Open(ctx, place, cfg.S3Keys)
	}
	if cfg.Links > 0 {
		return nil, fmt.Errorf("COLLATERAL_BLOB_LINKS: a folder has no addresses to lead to; set it to off, or BLOB_URL to a bucket")
	}
	blobs, err := diskblob.Open(cfg.BlobURL) //nolint:contextcheck // it looks at one folder of temporary files
	if err != nil {
		return nil, err
	}
	blobs.KeepFree = cfg.KeepFree
	return blobs, nil
}

// nameOfBlobs is what the place of the files is called to those who may not know where it is.
func nameOfBlobs(cfg Config) string {
	if strings.HasPrefix(cfg.BlobURL, bucketScheme) {
		return "The store of the files"
	}
	return "The folder of the files"
}
