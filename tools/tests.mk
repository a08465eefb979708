# The tests: unit tests (tests/unit), guest programs (tests/guest), scripts (tests/scripts).

# ---- unit tests: each tests/unit/test_*.c is one program ----
UNIT_C = $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN = $(UNIT_C:tests/unit/%.c=$(O)/tests/unit/%)
UNIT_FLAGS = $(COMMON) -MMD -MP -Wno-missing-prototypes -iquote include -iquote tests/unit -iquote . $(EXTRA)
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check 2>/dev/null || echo -lcheck -lsubunit -lm -lrt) -pthread

$(UNIT_FAKES): $(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UNIT_FLAGS) -D_GNU_SOURCE -c -o $@ $<
$(O)/tests/unit/%.o: tests/unit/%.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UNIT_FLAGS) -include tests/unit/unit.h -c -o $@ $<
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(UNIT_HOST) $(O)/libkernel.a
	@echo "  LD      $@"
	$(Q)$(CC) -no-pie $(SANLINK) -o $@ $^ $(CHECK_LIBS)

# Those of um/ run its own files over a fake kernel (tests/unit/um/um_unit.c).
UM_UNIT_C = $(sort $(wildcard tests/unit/um/test_*.c))
UM_UNIT_BIN = $(UM_UNIT_C:tests/unit/%.c=$(O)/tests/unit/%)
$(O)/libum.a: $(filter-out $(O)/um/main.o,$(UM_OBJ))
	@rm -f $@
	$(Q)ar rcs $@ $^
$(O)/tests/unit/um/%.o: tests/unit/um/%.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UFLAGS) -Wno-missing-prototypes -iquote tests/unit/um -c -o $@ $<
$(O)/tests/unit/um/%: $(O)/tests/unit/um/%.o $(O)/tests/unit/um/um_unit.o $(O)/libum.a
	@echo "  LD      $@"
	$(Q)$(CC) -no-pie $(SANLINK) -o $@ $^ $(CHECK_LIBS) $(LIBS)
$(O)/tests/unit/um/test_trap: $(O)/gen/stub_image.o

# A program that does not build is a failure of its own.
check-unit:
	@$(MAKE) -k -j$(JOBS) --no-print-directory $(UNIT_BIN) $(UM_UNIT_BIN) || true
	@sh tests/run-unit $(UNIT_BIN) $(UM_UNIT_BIN)

-include $(UNIT_C:tests/unit/%.c=$(O)/tests/unit/%.d) $(UM_UNIT_C:tests/unit/%.c=$(O)/tests/unit/%.d) \
	$(UNIT_FAKES:.o=.d) $(O)/tests/unit/um/um_unit.d
.PHONY: check-unit

# ---- guest programs ----
GUEST_FLAGS = -std=gnu11 -O1 -g -Wall -Wno-stringop-overflow -Wno-stringop-overread -Wno-nonnull -Wno-unused-result -D_GNU_SOURCE -static -pthread -Itests/guest -fcf-protection=none
$(O)/guest/%.musl: tests/guest/%.c $(wildcard tests/guest/*.h)
	@mkdir -p $(@D)
	@echo "  MUSL    $<"
	$(Q)musl-gcc $(GUEST_FLAGS) -idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch) -o $@ $<
$(O)/guest/%: tests/guest/%.c $(wildcard tests/guest/*.h)
	@mkdir -p $(@D)
	@echo "  GUEST   $<"
	$(Q)$(CC) $(GUEST_FLAGS) -o $@ $<

check-guest: $(O)/umk
	@O=$(O) tests/run-guest
expected:
	@O=$(O) tests/run-guest -r
.PHONY: check-guest expected

check-tour: $(O)/umk
	@if sh tools/tour.sh $(O)/umk; then echo "tour: 1 passed, 0 failed"; else echo "tour: 0 passed, 1 failed"; exit 1; fi

# ---- scripts: tests/scripts/*.sh, exit status 0 passed, 77 skipped ----
check-scripts: $(O)/umk
	@O=$(O) sh tests/run-scripts

# ---- on a host that has no system call newer than Linux 5.10's ----
$(O)/tests/tools/%: tests/tools/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -Wall -D_GNU_SOURCE -o $@ $< -lseccomp
check-oldkernel: $(O)/umk $(O)/tests/tools/oldkernel
	@O=$(O) tests/run-guest -m seccomp -w $(abspath $(O))/tests/tools/oldkernel | sed 's/^guest:/oldkernel:/'
	@O=$(O) tests/run-guest -m ptrace -w $(abspath $(O))/tests/tools/oldkernel hello mm_fork futex_threads sig_info unix_rights \
		fs_openat | sed 's/^guest:/oldkernel-ptrace:/'
	@if $(O)/tests/tools/oldkernel sh tools/tour.sh $(O)/umk >$(O)/oldkernel-tour 2>&1; \
	then echo "oldkernel-tour: 1 passed, 0 failed"; \
	else cat $(O)/oldkernel-tour; echo "oldkernel-tour: 0 passed, 1 failed"; exit 1; fi
.PHONY: check-tour check-scripts check-oldkernel

# ---- coverage of the table: what the tests of the last check or coverage-run met ----
COVERAGE_FILES = $(O)/uapi/asm-generic/errno-base.h $(O)/uapi/asm-generic/errno.h tools/errnos.txt kernel/syscall.tbl \
	$(wildcard $(O)/coverage)
coverage-run: $(O)/umk
	@rm -f $(O)/coverage
	@O=$(O) UMK_COVERAGE=$(abspath $(O))/coverage tests/run-guest -m seccomp,ptrace >/dev/null || true
	@O=$(O) UMK_COVERAGE=$(abspath $(O))/coverage sh tests/run-scripts >/dev/null || true
coverage-table: $(O)/uapi/stamp
	@[ -f $(O)/coverage ] || $(MAKE) -s coverage-run
	@$(MAKE) -s coverage-print
coverage-print:
	@awk -f tools/coverage.awk $(COVERAGE_FILES)
check-coverage: $(O)/uapi/stamp
	@awk -v check=1 -f tools/coverage.awk $(COVERAGE_FILES)
	@printf 'full_one 0 - sys_x - full\n' >$(O)/bad-syscall.tbl; \
	! awk -v check=1 -f tools/coverage.awk tools/errnos.txt $(O)/bad-syscall.tbl >/dev/null
.PHONY: coverage-run coverage-table coverage-print check-coverage
