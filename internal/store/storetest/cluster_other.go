//go:build !unix

package storetest

// startCluster is for systems whose processes can be tied to the end of the tests.
func startCluster(string) (string, error) { return "", errNoServer }
