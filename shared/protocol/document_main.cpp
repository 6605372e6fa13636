#include <iostream>

#include "shared/protocol/document.h"

int main() { std::cout << tessera::protocol_document(); }
