package render

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// PDFium makes pictures with the WebAssembly file that it was given. It may be used by many at the same time.
type PDFium struct {
	path   string
	cache  string
	limits Limits
	slots  chan struct{} // one for each document that may be open

	once     sync.Once // what follows is made when the first document comes: compiling takes seconds
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	broken   error
}

// New returns a PDFium that is the WebAssembly file at path. What is compiled of it is kept in the folder cache, so that the
// next start is quick; "" keeps nothing. The file is read when the first document comes.
func New(path, cache string, limits Limits) *PDFium {
	return &PDFium{path: path, cache: cache, limits: limits, slots: make(chan struct{}, limits.AtOnce)}
}

// Close frees what was compiled.
func (p *PDFium) Close(ctx context.Context) error {
	p.once.Do(func() { p.broken = os.ErrClosed })
	if p.runtime == nil {
		return nil
	}
	return p.runtime.Close(ctx)
}

// compile makes the sandbox, once.
func (p *PDFium) compile(ctx context.Context) error {
	p.once.Do(func() { p.broken = p.compileOnce(context.WithoutCancel(ctx)) })
	return p.broken
}

func (p *PDFium) compileOnce(ctx context.Context) error {
	wasm, err := os.ReadFile(p.path)
	if err != nil {
		return fmt.Errorf("reading PDFium: %w", err)
	}
	const page = 64 << 10
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(p.limits.Memory / page).WithCloseOnContextDone(true)
	if p.cache != "" {
		// A cache that cannot be kept costs time, not pictures.
		if cache, err := wazero.NewCompilationCacheWithDir(p.cache); err == nil {
			config = config.WithCompilationCache(cache)
		}
	}
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
		return fmt.Errorf("loading PDFium from %s: %w", p.path, err)
	}
	p.runtime, p.compiled = runtime, compiled
	return nil
}
