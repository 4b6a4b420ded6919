/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import java.util.List;

/** Recipients, as they stand between the brackets of {@code RCPT TO:<>}, for a backup mail server of two domains. */
final class Spellings {

    static final String DOMAIN = "backup.test";
    /** {@code bücher.test} */
    static final String IDN_DOMAIN = "xn--bcher-kva.test";

    /** Exactly a backup domain: these are taken, and reach the main server as {@code RCPT TO} has them. */
    static final List<String> OURS = List.of(
            "user@backup.test",
            "USER2@BACKUP.TEST",
            "User3@Backup.Test",
            "user+tag@backup.test",
            "first.last@backup.test",
            "SRS0=hash=tt=other.test=user@backup.test",
            "o'neill@backup.test",
            "\"quoted\"@backup.test",
            "\"with space\"@backup.test",
            "postmaster@backup.test",
            "user@xn--bcher-kva.test",
            "user2@XN--BCHER-KVA.TEST",
            "user3@Xn--Bcher-Kva.test");

    /** Anything else, whatever it looks like. */
    static final List<String> NOT_OURS = List.of(
            // other domains, above, below and beside
            "user@other.test",
            "USER@OTHER.TEST",
            "postmaster@other.test",
            "abuse@other.test",
            "user@sub.backup.test",
            "user@a.b.backup.test",
            "user@xbackup.test",
            "user@backup.test.other.test",
            "user@BACKUP.TEST.OTHER.TEST",
            "user@backup.testing",
            "user@backup",
            "user@test",
            "user@back.up.test",
            "user@partner.test",
            "user@wild.test",
            "user@sub.wild.test",
            // percent hack
            "user%other.test@backup.test",
            "user%other.test%third.test@backup.test",
            "user%backup.test@other.test",
            "\"user%other.test\"@backup.test",
            "user\\%other.test@backup.test",
            "user%other.test",
            // bang paths
            "other.test!user@backup.test",
            "third.test!other.test!user@backup.test",
            "\"other.test!user\"@backup.test",
            "other.test!user",
            // more than one @
            "user@other.test@backup.test",
            "user@backup.test@other.test",
            "\"user@other.test\"@backup.test",
            "\"user\\@other.test\"@backup.test",
            "user\\@other.test@backup.test",
            // source routes (RFC 5321 appendix F.2)
            "@backup.test:user@other.test",
            "@other.test:user@backup.test",
            "@other.test,@backup.test:user@other.test",
            "@backup.test,@other.test:user@backup.test",
            "\"@other.test:user\"@backup.test",
            "\"other.test:user\"@backup.test",
            "other.test:user@backup.test",
            // address literals
            "user@[127.0.0.1]",
            "user@[127.0.0.1]backup.test",
            "user@[IPv6:::1]",
            "user@127.0.0.1",
            "user@#2130706433",
            "user@[backup.test]",
            // dots
            "user@backup.test.",
            "user@.backup.test",
            "user@backup..test",
            "user@backup.test..",
            "user@other.test.",
            // internationalized domains that look alike, or are written as people see them
            "user@b\u00fccher.test",
            "user@B\u00dcCHER.test",
            "user@bu\u0308cher.test",
            "user@sub.xn--bcher-kva.test",
            "user@xn--bcher-kva.test.other.test",
            "user@xn--bcher-kvb.test",
            "user@b\u0430ckup.test",
            "user@xn--bckup-3we.test",
            "user@\uff42\uff41\uff43\uff4b\uff55\uff50.test",
            "user@backup\u3002test",
            // two in one
            "user@backup.test,user@other.test",
            "user@backup.test user@other.test",
            "user@other.test> <user@backup.test",
            "user@backup.test>,<user@other.test",
            "<user@backup.test>",
            "user@other.test> ORCPT=rfc822;user@backup.test",
            "user@backup.test\tuser@other.test",
            "user@backup.test\u0000.other.test",
            // hardly an address
            "",
            "@",
            "@backup.test",
            "\"\"@backup.test",
            "\"user@backup.test",
            "user",
            "user@",
            "user@-backup.test",
            "user@backup_test",
            "user@backup.test/other.test",
            "user@(comment)backup.test",
            // a domain of James's own: nobody of this name
            "user@james.test");

    private Spellings() {}
}
