import Blitz
