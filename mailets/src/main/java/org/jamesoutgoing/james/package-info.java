/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * What depends on the version of James that this JAR runs in, and which version that is.
 *
 * <p>There are two JARs: that for James 3.8 uses {@code javax.mail} and its like, and that for James 3.9, which is made of
 * it, their successors in {@code jakarta}. Guice looks at a class before any of its code runs, and fails on a name that
 * this James does not have. So what James makes, the classes whose names administrators write, has none of these names: no
 * {@code throws MessagingException}, Guice's own {@code @Inject}, and one thing injected, {@link
 * org.jamesoutgoing.james.RunningJames}, which says in one line what is wrong. They are the same, octet for octet, in both
 * JARs; a test holds this.
 *
 * <p>Start reading at {@link org.jamesoutgoing.james.RunningJames}.
 */
package org.jamesoutgoing.james;
