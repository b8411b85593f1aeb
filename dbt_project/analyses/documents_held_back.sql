-- Which documents of the job and stock systems cannot go to Xero yet, why, and what is to be done?
select
    documents.organisation_name,
    documents.source_system,
    documents.document_type,
    documents.document_number,
    documents.contact_name,
    documents.document_date,
    documents.currency_code,
    documents.source_total,
    findings.rule,
    findings.message,
    findings.remedy
from coding.documents as documents
inner join coding.exceptions as findings
    on
        documents.tenant_id = findings.tenant_id
        and documents.source_system = findings.source_system
        and documents.document_type = findings.document_type
        and documents.document_id = findings.document_id
where documents.is_blocked and findings.severity = 'block'
order by
    documents.organisation_name,
    documents.document_date,
    documents.document_number,
    findings.record_id,
    findings.rule
