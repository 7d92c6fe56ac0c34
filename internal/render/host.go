package render

import (
	"context"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/emscripten"
)

// hostModule is what Emscripten calls the world around it.
const hostModule = "env"

// notSupported is what system calls answer: there is no system. It is -ENOSYS in WASI's numbers.
const notSupported = ^uint64(52) + 1

// instantiateHost makes the world around PDFium: exceptions and memory by Emscripten's rules, and a stub for everything else,
// so that a document reaches nothing.
func instantiateHost(ctx context.Context, runtime wazero.Runtime, compiled wazero.CompiledModule) error {
	exporter, err := emscripten.NewFunctionExporterForModule(compiled)
	if err != nil {
		return err
	}
	host := runtime.NewHostModuleBuilder(hostModule)
	for _, wanted := range compiled.ImportedFunctions() {
		module, name, _ := wanted.Import()
		if module != hostModule || strings.HasPrefix(name, "invoke_") || name == "_emscripten_throw_longjmp" {
			continue // those of the exporter keep damaged pictures from ending everything
		}
		stub := api.GoModuleFunc(refuse)
		switch name {
		case "emscripten_resize_heap":
			stub = growMemory
		case "_abort_js":
			stub = abort
		case "emscripten_date_now":
			stub = noTime
		}
		host.NewFunctionBuilder().WithGoModuleFunction(stub, wanted.ParamTypes(), wanted.ResultTypes()).Export(name)
	}
	exporter.ExportFunctions(host)
	_, err = host.Instantiate(ctx)
	return err
}

func refuse(_ context.Context, _ api.Module, stack []uint64) {
	if len(stack) > 0 {
		stack[0] = uint64(uint32(notSupported & 0xffffffff))
	}
}

// noTime keeps documents from telling the time: it is always the beginning of 1970.
func noTime(_ context.Context, _ api.Module, stack []uint64) { stack[0] = 0 }

// abort ends what cannot go on; the call into the sandbox returns it as an error.
func abort(context.Context, api.Module, []uint64) { panic("PDFium gave up") }

// growMemory makes the memory at least so many bytes large, if the limit allows it.
func growMemory(_ context.Context, m api.Module, stack []uint64) {
	const page = 64 << 10
	wanted, have := uint64(uint32(stack[0])), uint64(m.Memory().Size())
	stack[0] = 0
	if wanted <= have {
		stack[0] = 1
	} else if _, ok := m.Memory().Grow(uint32((wanted - have + page - 1) / page)); ok {
		stack[0] = 1
	}
}
