// Package report holds reports on the library: use cases that read and change nothing. It does not know how uses are
// recorded and kept, which is usage's, nor how a report is shown.
package report

import (
	"collateral/internal/store"
	"collateral/internal/usage"
)

// Reports makes reports. Time comes from the store.
type Reports struct {
	Store *store.Store
	Usage *usage.Usage
}
