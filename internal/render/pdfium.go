package render

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// PDFium makes pictures with the WebAssembly file that it was given. It may be used by many at the same time.
type PDFium struct {
	path   string
	limits Limits
	code   wazero.CompilationCache // what was compiled is shared by all sandboxes
	slots  chan *sandbox           // one for each document that may be open; nil stands for one that was not made yet
}

// sandbox runs one document at a time: wazero keeps what it knows of the types of functions in the runtime, without a lock.
type sandbox struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
}

// New returns a PDFium that is the WebAssembly file at path. What is compiled of it is kept in the folder cache, so that the
// next start is quick; "" keeps nothing. The file is read when the first document comes: compiling takes seconds.
func New(path, cache string, limits Limits) *PDFium {
	p := &PDFium{path: path, limits: limits, slots: make(chan *sandbox, limits.AtOnce)}
	for range limits.AtOnce {
		p.slots <- nil
	}
	if cache != "" {
		// A cache that cannot be kept costs time, not pictures.
		p.code, _ = wazero.NewCompilationCacheWithDir(cache)
	}
	if p.code == nil {
		p.code = wazero.NewCompilationCache()
	}
	return p
}

// Close waits for the documents that are open, and frees what was compiled. No document can be opened any more.
func (p *PDFium) Close(ctx context.Context) error {
	var errs []error
	for range p.limits.AtOnce {
		select {
		case s := <-p.slots:
			if s != nil {
				errs = append(errs, s.runtime.Close(ctx))
			}
		case <-ctx.Done():
			return errors.Join(append(errs, ctx.Err())...)
		}
	}
	return errors.Join(append(errs, p.code.Close(ctx))...)
}

// sandbox waits for a free sandbox, and makes it if it is not there yet. It goes back into p.slots.
func (p *PDFium) sandbox(ctx context.Context) (*sandbox, error) {
	var s *sandbox
	select {
	case s = <-p.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s != nil {
		return s, nil
	}
	s, err := p.newSandbox(context.WithoutCancel(ctx))
	if err != nil {
		p.slots <- nil
		return nil, err
	}
	return s, nil
}

func (p *PDFium) newSandbox(ctx context.Context) (*sandbox, error) {
	wasm, err := os.ReadFile(p.path)
	if err != nil {
		return nil, fmt.Errorf("reading PDFium: %w", err)
	}
	const page = 64 << 10
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(p.limits.Memory / page).WithCloseOnContextDone(true).WithCompilationCache(p.code)
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	compiled, err := runtime.CompileModule(ctx, wasm)
	if err == nil {
		_, err = wasi_snapshot_preview1.Instantiate(ctx, runtime)
	}
	if err == nil {
		err = instantiateHost(ctx, runtime, compiled)
	}
	if err != nil {
		_ = runtime.Close(ctx)
		return nil, fmt.Errorf("loading PDFium from %s: %w", p.path, err)
	}
	return &sandbox{runtime: runtime, compiled: compiled}, nil
}
