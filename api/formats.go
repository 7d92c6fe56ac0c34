package api

import (
	"errors"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// formats returns the checks of `format` in the contract. The library's own let a 30th of February and any text for a
// UUID pass. They are handed to each validation, since the library's registry of them is global.
func formats() openapi3.SchemaValidationOption {
	text := func(ok func(string) bool) openapi3.StringFormatValidator {
		return openapi3.NewCallbackValidator(func(s string) error {
			if !ok(s) {
				return errors.New("malformed")
			}
			return nil
		})
	}
	return openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"uuid": text(func(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }),
		"date": text(collateral.IsDate),
		"date-time": text(func(s string) bool {
			_, err := time.Parse(time.RFC3339, s)
			return err == nil
		}),
	})
}
