"""python_unit.py RESULTS MODULE OPTIONS [TEST...]: runs a module of Python's own test suite (or those tests of it) and appends
a line "result TAB test" to RESULTS as each ends, so that what was done is known even when the interpreter dies. OPTIONS are
words: patterns of tests to leave out, and use=RESOURCE.

Like `python3 -m test MODULE` it works in an empty directory and without other resources, which need a network or much time."""
import faulthandler
import fnmatch
import importlib
import os
import pkgutil
import sys
import unittest

import test
from test import support
from test.support import os_helper


class Result(unittest.TestResult):
    def __init__(self, path):
        super().__init__()
        self.file = open(path, "a", buffering=1)
        self.bad = set()

    def say(self, what, test):
        self.file.write(f"{what}\t{test.id() if hasattr(test, 'id') else test}\n")

    def startTest(self, test):
        super().startTest(test)
        print(f"== {test.id()}", flush=True)
        self.say("start", test)

    def trouble(self, what, test, err):
        print(f"== {what}: {test.id()}\n{self._exc_info_to_string(err, test)}", flush=True)
        self.bad.add(test.id())
        self.say("failed", test)

    def addError(self, test, err):
        super().addError(test, err)
        self.trouble("error", test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.trouble("failure", test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            print(f"== in {subtest}", flush=True)
            self.trouble("subtest", test, err)

    def addSuccess(self, test):
        super().addSuccess(test)
        if test.id() not in self.bad:
            self.say("passed", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"== skipped: {test.id()}: {reason}", flush=True)
        self.say("skipped", test)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.say("passed", test)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.say("failed", test)


def load(module):
    loader = unittest.defaultTestLoader
    package = importlib.import_module(f"test.{module}")
    if not hasattr(package, "__path__"):
        return loader.loadTestsFromName(f"test.{module}")
    # Loaded as a package it looks for its parts where the interpreter is installed.
    parts = unittest.TestSuite()
    for name in sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name.startswith("test_")):
        try:
            parts.addTest(loader.loadTestsFromName(f"test.{module}.{name}"))
        except unittest.SkipTest as e:
            print(f"== skipped: {module}.{name}: {e}")
    return parts


def only(suite, wanted):
    """The tests of @suite for whose ids @wanted() holds, fixtures of modules and classes included."""
    kept = [only(t, wanted) if isinstance(t, unittest.TestSuite) else t for t in suite]
    kept = [t for t in kept if isinstance(t, unittest.TestSuite) or wanted(t.id())]
    return unittest.TestSuite(kept)


def main():
    path, module, options, *wanted = sys.argv[1:]
    resources = [o[len("use="):] for o in options.split() if o.startswith("use=")]
    left_out = [o for o in options.split() if not o.startswith("use=")]
    # What Debian's package of the tests leaves out.
    if "SOURCES" in os.environ:
        test.__path__.append(os.path.join(os.environ["SOURCES"], "test"))
    faulthandler.enable(all_threads=True)
    support.use_resources = resources
    support.verbose = 1
    result = Result(path)
    with os_helper.temp_cwd(name=f"suite-{module}-{os.getpid()}", quiet=True):
        try:
            suite = load(module)
        except unittest.SkipTest as e:
            print(f"== skipped: {module}: {e}")
            result.say("skipped", module)
            return 0
        if wanted:
            suite = only(suite, set(wanted).__contains__)
        suite = only(suite, lambda name: not any(fnmatch.fnmatchcase(name, pattern) for pattern in left_out))
        suite.run(result)
        result.say("passed", f"test.{module} to its end")
        support.reap_children()
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
