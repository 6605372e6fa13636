# Tells the page how large the program is, so that its progress bar counts true bytes whatever the server compresses.
file(READ ${PAGE} page)
file(SIZE ${PROGRAM} bytes)
string(REPLACE "id=\"program\"" "id=\"program\" data-bytes=\"${bytes}\"" page "${page}")
file(WRITE ${OUT} "${page}")
