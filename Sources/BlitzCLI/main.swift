import Blitz
print("")
