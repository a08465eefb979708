# Test suites of others and real jobs, each result compared with the host's: make check-suites, or SUITE=go, SUITE=python:test_os ...
# SUITE_MODES=seccomp,ptrace,norewrite says how umk catches calls.
SUITE ?= go python stress jobs
SUITE_MODES ?= seccomp
check-suites: $(O)/umk
	@sh tools/setup.sh suites
	@sh tests/suites/sources.sh $(O)/suites/sources
	@O=$(O) tests/run-suites -m $(SUITE_MODES) $(SUITE)
.PHONY: check-suites
