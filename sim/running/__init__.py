"""Run what was asked for into a folder of results: anew, on from where it broke off, further, or a share of it.

Whatever the way, the same worlds come to the same bytes: a run that was killed and taken up, sixteen shards merged, a
cluster that lost a worker, and a run that was never disturbed.
"""
