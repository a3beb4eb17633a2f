# `make` lists the targets. Nothing here asks a question; what is missing is installed, or named in one line.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup tools build test demo format lint docs install uninstall clean
export GIT_TERMINAL_PROMPT := 0

PREFIX ?= /usr/local
DESTDIR ?=
BUILD_DIR ?= .build
SWIFT ?=
export SWIFT

# Asked for once, when a recipe first needs it (after `setup`).
swift = $(eval swift := $(shell tools/find-swift))$(swift)
# Build and test share these, so that nothing is compiled twice. The command is linked with the Swift runtime inside by its own
# settings in Package.swift: --static-swift-stdlib would compile every file in another way, and `swift test` does not know it.
flags = -c release --scratch-path '$(BUILD_DIR)'
binary = $(BUILD_DIR)/release/simulate
formatted = Sources Tests Package.swift $(wildcard Benchmarks)
documented = NumericKernels Forecast Scenarios Reports
share = $(DESTDIR)$(PREFIX)/share/simulate

scenarios = $(addprefix notebooks-data/scenarios/,procedures-reform.yaml four-season-tourism.yaml both.yaml)
language = $(if $(LANG_UI),--lang $(LANG_UI))
# The demo shows the bundled model, whatever the environment says.
simulate = env -u SIMULATE_HOME $(binary)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{ printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo "  variables       LANG_UI=vi|en (demo), PREFIX=$(PREFIX), DESTDIR= (install), TEST_FLAGS= (test), BUILD_DIR=$(BUILD_DIR), SWIFT="

# A message of tools/setup is something for a person to do: make stops with that one line.
setup:
	$(eval problem := $(shell tools/setup))$(if $(problem),$(error $(problem)))@:

# Without network the environment is not made; one line says so and the tests that need it are skipped.
tools: ## install what the meeting pack and the notebook need: Python with vl-convert and WeasyPrint, pandoc, fonts
	@tools/setup-pack
	@tools/setup-python

build: setup ## build the command `simulate` (release)
	@$(swift) build $(flags) </dev/null

test: build tools ## build, then run all tests; TEST_FLAGS='--filter Name' for some
	@$(swift) test $(flags) --disable-testable-imports --disable-xctest $(TEST_FLAGS) </dev/null

demo: build tools ## build, then project the bundled scenarios, compare them and make the pack; LANG_UI=en for English
	@$(simulate) run $(scenarios) $(language) </dev/null
	@echo
	@$(simulate) compare $(scenarios) $(language) </dev/null
	@mkdir -p out
	@for format in csv json md; do \
	  $(simulate) run $(scenarios) $(language) --quiet --format $$format --output out/projection.$$format </dev/null || exit; \
	done
	@$(simulate) report $(scenarios) $(language) --quiet --output out/pack </dev/null
	@printf '\nTệp kết quả / Files:\n'; printf '  %s\n' $(foreach format,csv json md,'$(CURDIR)/out/projection.$(format)') '$(CURDIR)/out/pack/'

format: setup ## format the Swift files in place
	@$(swift) format format --in-place --recursive --parallel $(formatted)

lint: setup ## check the format of the Swift files; a warning is an error
	@$(swift) format lint --strict --recursive --parallel $(formatted)

# In a folder of its own, with the sources as links: the extra plugin would change Package.resolved of the ordinary build.
docs: setup ## build the documentation of the libraries into .build-docs/html
	@mkdir -p .build-docs/package .build-docs/html
	@ln -sfn ../../Package.swift .build-docs/package/Package.swift
	@ln -sfn ../../Sources .build-docs/package/Sources
	@ln -sfn ../../Tests .build-docs/package/Tests
	@for target in $(documented); do \
	  BUILD_DOCUMENTATION=1 $(swift) package --package-path .build-docs/package --scratch-path .build-docs/build \
	    --allow-writing-to-directory .build-docs/html/$$target \
	    generate-documentation --target $$target --output-path .build-docs/html/$$target </dev/null || exit; \
	done

install: $(if $(and $(SUDO_USER),$(wildcard $(binary))),,build) ## install the command and the data under PREFIX (DESTDIR for packagers)
	@if ldd '$(binary)' | grep -q libswift; then echo '$(binary) needs the Swift toolchain at run time; see linkerSettings in Package.swift' >&2; exit 1; fi
	@install -d '$(DESTDIR)$(PREFIX)/bin'
	@install -m 755 '$(binary)' '$(DESTDIR)$(PREFIX)/bin/simulate'
	@rm -rf '$(share)'
	@install -d '$(share)'
	@cp -R notebooks-data/. '$(share)/'
	@install -d '$(share)/tools'
	@cp tools/render_pack.py tools/requirements.txt '$(share)/tools/'
	@find '$(share)' -type f -exec chmod 444 {} +
	@find '$(share)' -type d -exec chmod 755 {} +
	@echo 'Installed $(DESTDIR)$(PREFIX)/bin/simulate and $(share) (read-only)'

uninstall: ## remove what `make install` put there
	@rm -f '$(DESTDIR)$(PREFIX)/bin/simulate'
	@rm -rf '$(share)'

clean: ## remove everything that was built
	@rm -rf '$(BUILD_DIR)' .build-docs
	@rm -f out/projection.csv out/projection.json out/projection.md
	@rm -rf out/pack .venv
