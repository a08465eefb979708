# Test suites of others, each result compared with the host's: make check-suites, or SUITE=go, SUITE=python:test_os ...
# SUITE_MODES=seccomp,ptrace,norewrite says how umk catches calls.
SUITE ?= go python stress
SUITE_MODES ?= seccomp
check-suites: $(O)/umk
	@sh tools/setup.sh suites
	@O=$(O) tests/run-suites -m $(SUITE_MODES) $(SUITE)
.PHONY: check-suites
