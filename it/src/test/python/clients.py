"""DiracX's own Python clients, asynchronous and not, over every method that a user has. Ends with 0 where all went well.

Environment: DIRACX_URL, DIRACX_CREDENTIALS_PATH; an argument: an empty folder to work in.
"""

import asyncio
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from azure.core.exceptions import HttpResponseError, ResourceNotModifiedError
from diracx.api.jobs import create_sandbox, download_sandbox
from diracx.client.aio import AsyncDiracClient
from diracx.client.models import HeartbeatData, JobStatusUpdate, SandboxInfo
from diracx.client.sync import SyncDiracClient

JDL = 'Executable = "/bin/echo"; JobName = "%s"; InputSandbox = {"%s"};'


def refused(status, call, *words):
    try:
        call()
    except HttpResponseError as refusal:
        assert refusal.status_code == status, refusal
        for word in words:
            assert word in str(refusal), f"{word} not in {refusal}"
        return
    raise AssertionError(f"expected {status}")


async def sandboxes(folder):
    """Up, up again, down; as files and folders came."""
    source = folder / "source"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "numbers.txt").write_text("1 2 3\n")
    (folder / "run.sh").write_text("#!/bin/sh\necho hello\n")
    pfn = await create_sandbox([source, folder / "run.sh"])
    assert re.fullmatch(r"SB:SandboxSE\|/S3/[^|]+/sha256:[0-9a-f]{64}\.tar\.zst", pfn), pfn
    assert await create_sandbox([source, folder / "run.sh"]) == pfn
    await download_sandbox(pfn, folder / "down")
    assert (folder / "down" / "source" / "deep" / "numbers.txt").read_text() == "1 2 3\n"
    assert (folder / "down" / "run.sh").read_text().endswith("echo hello\n")
    output = folder / "result.txt"
    output.write_text("done\n")
    return pfn, await create_sandbox([output])


async def asynchronous(pfn):
    """What the web page and the asynchronous API do with jobs."""
    async with AsyncDiracClient() as api:
        inserted = await api.jobs.submit_jdl_jobs([JDL % ("first", pfn), JDL % ("second", pfn)])
        first, second = (job.job_id for job in inserted)
        assert inserted[0].status == "Received" and inserted[0].time_stamp.tzinfo is not None, inserted
        parametric = await api.jobs.submit_jdl_jobs(['Executable = "x"; JobName = "p"; Parameters = 3;'])
        assert len(parametric) == 3
        found = await api.jobs.search(
            parameters=["JobID", "JobName"],
            search=[{"parameter": "JobID", "operator": "in", "values": [first, second]}],
            sort=[{"parameter": "JobID", "direction": "desc"}],
        )
        assert found == [{"JobID": second, "JobName": "second"}, {"JobID": first, "JobName": "first"}], found
        counts = await api.jobs.summary(
            grouping=["JobName"],
            search=[{"parameter": "JobID", "operator": "in", "values": [job.job_id for job in parametric]}],
        )
        assert counts == [{"JobName": "p", "count": 3}], counts
        return first, second


def synchronous(first, second, output):
    with SyncDiracClient() as api:
        assert api.auth.userinfo().vo == "spinor"
        assert "spinor" in api.well_known.get_installation_metadata().virtual_organizations
        assert api.well_known.get_jwks()["keys"]
        assert "Contact" in api.well_known.get_security_txt()

        document, etag = api.config.serve_config(cls=lambda answer, body, _: (body, answer.http_response.headers["ETag"]))
        assert document["Registry"]["spinor"]["DefaultGroup"] == "user"
        try:
            from azure.core import MatchConditions

            api.config.serve_config(etag=etag, match_condition=MatchConditions.IfModified)
            raise AssertionError("the configuration came twice")
        except ResourceNotModifiedError:
            pass

        now = datetime.now(tz=timezone.utc)
        written = api.jobs.set_job_statuses(
            {
                str(first): {
                    now.isoformat(): JobStatusUpdate(status="Matched", source="test"),
                    str(now + timedelta(seconds=1)): JobStatusUpdate(status="Running", source="JobWrapper"),
                }
            }
        )
        assert written.success[str(first)].status == "Running", written
        assert written.success[str(first)].start_exec_time is not None
        assert api.jobs.add_heartbeat({str(first): HeartbeatData(load_average=1.5, standard_output="x")}) == []
        api.jobs.patch_metadata({str(first): {"ApplicationStatus": "step 1", "HostName": "node7", "Colour": "red"}})
        log = api.jobs.search(
            parameters=["LoggingInfo"], search=[{"parameter": "JobID", "operator": "eq", "value": first}]
        )[0]
        assert log["ApplicationStatus"] == "step 1", log
        assert [line["Status"] for line in log["LoggingInfo"]][-2:] == ["Matched", "Running"], log

        # The generated client sends the name without quotes and calls it JSON.
        api.jobs.assign_sandbox_to_job(first, output)
        assert api.jobs.get_job_sandboxes(first)["Output"] == [output.split("|")[1]]
        assert api.jobs.get_job_sandbox(first, "output") == [output.split("|")[1]]
        api.jobs.unassign_job_sandboxes(first)
        api.jobs.unassign_bulk_jobs_sandboxes({"job_ids": [first]})

        api.jobs.set_job_statuses(
            {str(first): {(now + timedelta(seconds=2)).isoformat(): JobStatusUpdate(status="Killed")}}
        )
        commands = api.jobs.add_heartbeat({str(first): HeartbeatData(cpu_consumed=2)})
        assert [(c.job_id, c.command) for c in commands] == [(first, "Kill")], commands
        again = api.jobs.reschedule_jobs({"job_ids": [second]})
        assert str(second) in again["success"], again

        assert api.pilots.search() == [] and api.pilots.summary(grouping=["Status"]) == []
        for status in (
            api.rss.get_site_status(),
            api.rss.get_compute_status(),
            api.rss.get_fts_status(),
            api.rss.get_storage_status(),
        ):
            assert isinstance(status, dict)
        refusals(api)


def refusals(api):
    """What a user reads where something is wrong."""
    refused(400, lambda: api.jobs.submit_jdl_jobs(["Executable = ["]), "JDL")
    refused(400, lambda: api.jobs.search(parameters=["Colour"]), "Colour")
    refused(403, lambda: api.jobs.get_job_sandboxes(99999999))
    refused(403, lambda: api.pilots.register_pilot(pilot_stamp="s", vo="spinor"))
    empty = SandboxInfo(checksum_algorithm="sha256", checksum="0" * 64, size=200_000_000, format="tar.bz2")
    refused(400, lambda: api.jobs.initiate_sandbox_upload(empty), "104857600")


def main():
    folder = Path(sys.argv[1])
    pfn, output = asyncio.run(sandboxes(folder))
    first, second = asyncio.run(asynchronous(pfn))
    synchronous(first, second, output)


main()
