"""How good a plugin's package is: built, unpacked, loaded and tested as a stranger would have it.

Whatever is wrong with the package is told in words; what it runs, it runs in other processes.
"""

from romframe.vetting.model import TIERS as TIERS
from romframe.vetting.model import Missing as Missing
from romframe.vetting.model import Verdict as Verdict
from romframe.vetting.vetting import vet as vet


__all__ = ["TIERS", "Missing", "Verdict", "vet"]
