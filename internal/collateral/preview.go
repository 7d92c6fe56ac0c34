package collateral

// Preview is how the pages of a file are shown without opening it.
type Preview struct {
	Pages    []PreviewPage // the first ones
	Total    int           // pages of the file
	Pictures bool          // there is a picture of every one of Pages; else there is only their text
	Coming   bool          // pictures are being made
}

// PreviewPage is a page of a file, or a slide.
type PreviewPage struct {
	N             int // from 1
	Width, Height int // of its picture in pixels
	Text          string
}
