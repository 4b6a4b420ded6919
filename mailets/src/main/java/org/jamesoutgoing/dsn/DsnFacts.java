/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jamesoutgoing.dsn.template.Language;

/** Everything a DSN can say of one mail, from the request and from what could be read of the original. */
record DsnFacts(
        DsnRequest request, RequestedDsn asked, OriginalMessage original, ReturnedContent returned, ZoneId zone) {
    private static final int LONGEST_HOST = 255;

    static DsnFacts of(DsnRequest request, ReturnLimits limits, ZoneId zone) {
        RequestedDsn asked = RequestedDsn.by(request.original());
        int wholeUpTo = ReturnedContent.wholeUpTo(request.kind(), asked.ret(), limits);
        OriginalMessage original =
                OriginalMessage.read(request.original(), Math.max(wholeUpTo, ReturnLimits.LONGEST_HEADERS));
        return new DsnFacts(request, asked, original, ReturnedContent.of(original, wholeUpTo, limits.headers()), zone);
    }

    /** Of a mail of which nothing is returned. Does not need the message any more. */
    static DsnFacts withoutReturn(DsnRequest request, int headerLimit, ZoneId zone) {
        OriginalMessage original = OriginalMessage.read(request.original(), headerLimit);
        return new DsnFacts(
                request, RequestedDsn.by(request.original()), original.fieldsOnly(), ReturnedContent.NONE, zone);
    }

    /** Our host name, as far as it is one: it stands where the grammar allows no other characters. */
    String host() {
        String name = request.reportingMta();
        if (!name.matches("\\[[0-9A-Za-z.:]{1,60}]")) {
            name = name.replaceAll("[^A-Za-z0-9._-]", "")
                    .replaceAll("\\.{2,}", ".")
                    .replaceAll("^\\.|\\.$", "");
        }
        return name.isEmpty() || name.length() > LONGEST_HOST ? "localhost" : name;
    }

    /** In which the words may be, the most wanted one first: the original's own, then those of the request. */
    List<Language> languages() {
        List<Language> languages = new ArrayList<>(original.languages());
        languages.addAll(request.languages());
        return languages;
    }
}
