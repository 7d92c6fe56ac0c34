package minioblob

// CopyInPartsOf has what is larger copied by more than one request.
func (s *Store) CopyInPartsOf(size int64) { s.copySize = size }
