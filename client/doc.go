// Package client reports uses of collateral from other systems: a CRM, a mail tool, a call tool. Report keeps a use and
// returns; Run sends what is kept, in batches, for as long as it takes. A use gets its id when it is reported, and the
// server counts an id once, so whatever is sent again after a failure counts once.
//
// With InFolder uses outlive a crash of the program and of the machine. Without it they wait in memory, and those not
// sent when the program ends are lost.
//
// The package only reports. It knows the address and the format of one operation of the API, and nothing else of it.
package client
