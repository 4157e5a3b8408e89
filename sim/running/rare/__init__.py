"""Rare ends: worlds that come near to one are split, so that its chance is known from far fewer days."""
