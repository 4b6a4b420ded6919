/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */

/**
 * A message with octets above 127 as one without: what RFC 6152 §3 asks of a client whose next hop offers no 8BITMIME.
 * Knows only streams of octets.
 *
 * <p>Start reading at {@link org.jamesoutgoing.sevenbit.SevenBitMessage}. {@code MimeWalk} goes through the message
 * twice: to find out what must become of each part, which is the {@code Plan}, and to do it while the message passes. Nothing but
 * the line, the header field and the plan, which is a reference a part, is ever in memory, whatever the message looks like.
 *
 * <p>Own code instead of mime4j's {@code MimeTokenStream}, because what is not converted must stay as it is, octet by octet,
 * delimiter lines and line ends included; because a stack of mime4j streams for a few thousand nested parts does not fit into
 * the memory one mail may have; and because lines must end here where the SMTP client will end them.
 */
package org.jamesoutgoing.sevenbit;
