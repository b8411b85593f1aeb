"""Write-back: planned, approved by a person or a policy, applied, confirmed."""
