with cases as (
    select
        forms.text,
        cast(forms.expected as date) as expected
    from (
        values
        ('/Date(1539993600000+0000)/', '2018-10-20'),
        ('/Date(1539993600000)/', '2018-10-20'),
        ('/Date(1540079999999+0000)/', '2018-10-20'), -- the day's last millisecond
        ('/Date(1540080000000+0000)/', '2018-10-21'),
        ('/Date(1539993600000+1300)/', '2018-10-20'), -- an offset only informs
        ('/Date(1539993600000-0500)/', '2018-10-20'),
        ('/Date(0+0000)/', '1970-01-01'),
        ('/Date(-1)/', '1969-12-31'),
        ('/Date(-2208988800000+0000)/', '1900-01-01'),
        ('2018-10-20T00:00:00', '2018-10-20'),
        ('2018-10-20T23:59:59.9999999', '2018-10-20'),
        ('2018-10-20', '2018-10-20'),
        ('2024-02-29T00:00:00', '2024-02-29'),
        ('2023-02-29T00:00:00', null),
        ('0000-00-00T00:00:00', null),
        ('/Date(9223372036854775807)/', null),
        ('/Date(99999999999999999999)/', null),
        ('/Date()/', null),
        ('/Date(abc)/', null),
        ('20 October 2018', null),
        ('20181020', null),
        ('infinity', null),
        ('', null),
        (null, null)
    ) as forms (text, expected)
),

read as (
    select
        text,
        expected,
        {{ calendar_date('text') }} as calendar_date,
        cast({{ epoch_timestamp('text') }} as date) as epoch_date
    from cases
)

select *
from read
where
    calendar_date is distinct from expected
    or (text like '/Date(%' and epoch_date is distinct from expected)
