package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Document is a PDF that is open. One goroutine at a time uses it.
type Document struct {
	Pages []Size // of the first pages, in points
	Total int    // pages, also those that are not shown

	pdfium *PDFium
	in     *sandbox
	ctx    context.Context // ends with its time
	asked  context.Context // ends with whoever asked for it
	end    context.CancelFunc
	module api.Module
	handle uint64
	closed bool
}

// Open reads a PDF of the given size in bytes. ErrNone means that there are no pictures of it. The document must be closed
// before its time is over, and holds up others meanwhile.
func (p *PDFium) Open(ctx context.Context, r io.ReaderAt, size int64) (_ *Document, err error) {
	if size > p.limits.Input {
		return nil, fmt.Errorf("%w: it has %d bytes, and may have %d", ErrNone, size, p.limits.Input)
	}
	in, err := p.sandbox(ctx)
	if err != nil {
		return nil, err
	}
	d := &Document{pdfium: p, in: in, asked: ctx}
	d.ctx, d.end = context.WithTimeout(ctx, p.limits.Time)
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	instance := wazero.NewModuleConfig().WithName("").WithStartFunctions("__wasm_call_ctors", "PDFium_Init")
	d.module, err = in.runtime.InstantiateModule(d.ctx, in.compiled, instance) //nolint:contextcheck // made of ctx above
	if err != nil {
		return nil, d.fault(err)
	}
	if err := d.load(r, size); err != nil {
		return nil, err
	}
	return d, d.measure()
}

// Close ends the sandbox with everything in it. Closing again does nothing.
func (d *Document) Close() {
	if d.closed {
		return
	}
	d.closed = true
	if d.module != nil {
		_ = d.module.Close(d.ctx) // its memory is Go's, and has no fault to tell
	}
	d.end()
	d.pdfium.slots <- d.in
}

func (d *Document) load(r io.ReaderAt, size int64) error {
	at, err := d.allocate(uint64(size))
	if err != nil {
		return err
	}
	memory, ok := d.module.Memory().Read(uint32(at), uint32(size))
	if !ok {
		return fmt.Errorf("%w: it does not fit into memory", ErrNone)
	}
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), memory); err != nil {
		return fmt.Errorf("reading the document: %w", err)
	}
	if d.handle, err = d.call("FPDF_LoadMemDocument", at, uint64(size), 0); err != nil {
		return err
	}
	if d.handle == 0 {
		return fmt.Errorf("%w: it is damaged or encrypted", ErrNone)
	}
	return nil
}

// measure finds out how many pages there are and how large.
func (d *Document) measure() error {
	total, err := d.call("FPDF_GetPageCount", d.handle)
	if err != nil {
		return err
	}
	if d.Total = int(int32(total)); d.Total < 1 {
		return fmt.Errorf("%w: it has no pages", ErrNone)
	}
	at, err := d.allocate(8)
	if err != nil {
		return err
	}
	for n := range min(d.Total, d.pdfium.limits.Pages) {
		ok, err := d.call("FPDF_GetPageSizeByIndexF", d.handle, uint64(n), at)
		if err != nil {
			return err
		}
		width, _ := d.module.Memory().ReadFloat32Le(uint32(at))
		height, _ := d.module.Memory().ReadFloat32Le(uint32(at) + 4)
		if ok == 0 || !(width >= 1 && height >= 1 && width < 1e5 && height < 1e5) {
			return fmt.Errorf("%w: page %d is %.0f by %.0f points large", ErrNone, n+1, width, height)
		}
		d.Pages = append(d.Pages, Size{int(math.Round(float64(width))), int(math.Round(float64(height)))})
	}
	return nil
}

func (d *Document) allocate(size uint64) (uint64, error) {
	at, err := d.call("malloc", size)
	if err == nil && at == 0 {
		err = fmt.Errorf("%w: it needs more memory than it may have", ErrNone)
	}
	return at, err
}

// call calls a function of the sandbox and returns its result; 0 when it has none.
func (d *Document) call(name string, args ...uint64) (uint64, error) {
	results, err := d.module.ExportedFunction(name).Call(d.ctx, args...)
	if err != nil {
		return 0, d.fault(err)
	}
	if len(results) == 0 {
		return 0, nil
	}
	return results[0], nil
}

// fault tells a document that cannot be shown from somebody who no longer wants it.
func (d *Document) fault(err error) error {
	switch {
	case d.asked.Err() != nil:
		return d.asked.Err()
	case errors.Is(d.ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w: it takes too long", ErrNone)
	}
	return fmt.Errorf("%w: %v", ErrNone, err)
}
