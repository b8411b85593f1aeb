"""Write-back: what is to be written is planned, approved by a person or a policy, applied, confirmed."""
