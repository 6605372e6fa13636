# Reads CTest's LastTest.log and prints 'passed failed skipped', counting doctest's test cases where a program prints its summary.
# Writes the output of failed programs to the file named by the variable failures.
function finish() {
  if (name == "") return
  if (cases) {
    passed += good - skips; failed += bad; skipped += skips + left_out
    if (!well && bad == 0) { failed++; bad = 1 }
  } else if (well) {
    passed++
  } else {
    failed++; bad = 1
  }
  if (!well || bad > 0) {
    for (i = 0; i < cases_named; i++) print "--- " name ": " named[i] " ---" > failures
    if (!cases_named) print "--- " name " ---" > failures
    for (i = (lines > 60 ? lines - 60 : 0); i < lines; i++) print output[i] > failures
  }
  name = ""
}
# Under node doctest believes in colours.
{ gsub(/\033\[[0-9;]*m/, "") }
/^[0-9]+\/[0-9]+ Testing: / { finish(); name = $3; programs++; cases = good = bad = skips = left_out = well = lines = cases_named = 0 }
name != "" && !/^(Command|Directory|-----|"|[0-9]+\/[0-9]+ Test|Output:|<end|Test time|End testing)/ { output[lines++] = $0 }
/^skip - / { skips++ }
/^\[doctest\] test cases:/ { cases = 1; good += $6; bad += $9; left_out += $12 }
/^TEST CASE: / { named[cases_named++] = substr($0, 13) }
/^Test Passed\./ { well = 1 }
END { finish(); if (!programs) exit 1; print passed + 0, failed + 0, skipped + 0 }
