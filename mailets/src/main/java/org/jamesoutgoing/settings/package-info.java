/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** Values as an administrator writes them, in XML, webadmin or a mailet's parameters, and one clear line when one is wrong. Start reading at {@link org.jamesoutgoing.settings.ValueType}. */
package org.jamesoutgoing.settings;
